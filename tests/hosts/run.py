"""Runs the host tests: every `test_*.py` beside this file, each in a process of its own.

Two of the hosts are built on one framework and do not share a process gladly, and a plugin that
takes its host down must fail one module, not all. The report lists what failed and what did not
run, each with the way to have it run.

    python run.py [--report FILE] [MODULE...]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MODULE_TIMEOUT_S = 600


class Collector(unittest.TextTestResult):
    """Results as text on the way, and as data at the end."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def as_report(self):
        return {
            "passed": self.passed,
            "failed": [test.id() for test, _ in self.failures + self.errors],
            "not_run": [f"{test.id()}: {reason}" for test, reason in self.skipped],
        }


def run_module(name, report):
    """Runs one module in this process; returns whether it passed."""
    sys.path.insert(0, str(HERE))
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Collector)
    result = runner.run(suite)
    pathlib.Path(report).write_text(json.dumps(result.as_report()))
    return result.wasSuccessful()


def run_apart(name):
    """Runs one module in a process of its own and returns its report."""
    print(f"\n-- {name}", flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        command = [sys.executable, __file__, "--alone", "--report", str(report), name]
        try:
            status = subprocess.run(command, timeout=MODULE_TIMEOUT_S).returncode
            ended = f"ended with status {status} before its tests did"
        except subprocess.TimeoutExpired:
            ended = f"took longer than {MODULE_TIMEOUT_S} s"
        if report.exists():
            result = json.loads(report.read_text())
        else:
            result = {"passed": 0, "failed": [f"{name} ({ended})"], "not_run": []}
    print(f"   {time.monotonic() - start:.1f} s", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--report", type=pathlib.Path)
    parser.add_argument("--alone", action="store_true", help="run one module in this process")
    options = parser.parse_args()
    if options.alone:
        sys.exit(not run_module(options.modules[0], options.report))

    modules = options.modules or sorted(path.stem for path in HERE.glob("test_*.py"))
    total = {"passed": 0, "failed": [], "not_run": []}
    for module in modules:
        result = run_apart(module)
        for key in total:
            total[key] += result[key]
    if options.report:
        options.report.write_text(json.dumps(total, indent=1))

    counts = [f"{total['passed']} passed", f"{len(total['failed'])} failed"]
    print(f"\nhosts: {', '.join(counts)}, {len(total['not_run'])} not run")
    for item in total["failed"]:
        print(f"FAILED   {item}")
    for item in total["not_run"]:
        print(f"NOT RUN  {item}")
    sys.exit(bool(total["failed"]))


if __name__ == "__main__":
    main()
