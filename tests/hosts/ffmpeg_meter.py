"""ffmpeg's `ebur128` filter: a loudness meter that shares nothing with ours."""

import re
import subprocess


def opinion(path):
    """Integrated loudness in LUFS and true peak in dBTP, to a tenth each."""
    filters = ["-filter_complex", "ebur128=peak=true"]
    arguments = ["ffmpeg", "-hide_banner", "-nostats", "-i", path, *filters, "-f", "null", "-"]
    log = subprocess.run(arguments, capture_output=True, text=True, check=True).stderr
    summary = log[log.rindex("Summary:") :]
    loudness = float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary).group(1))
    peak = float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary).group(1))
    return loudness, peak
