//! The table at the end: what ran, for how long, what failed, and what did not run and why.

use anyhow::Result;

use super::NotRun;

/// A part that has been run.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) outcome: Result<NotRun>,
    pub(super) seconds: f64,
}

/// All parts, in the order they ran.
#[derive(Debug, Default)]
pub(super) struct Summary {
    parts: Vec<Part>,
}

impl Summary {
    pub(super) fn add(&mut self, part: Part) {
        self.parts.push(part);
    }

    pub(super) fn has_failures(&self) -> bool {
        self.parts.iter().any(|part| part.outcome.is_err())
    }

    pub(super) fn print(&self, note: &str) {
        println!("\n{}\n{note}", self.text());
    }

    fn text(&self) -> String {
        let mut lines = vec!["== summary ==".to_owned()];
        for part in &self.parts {
            let verdict = match &part.outcome {
                Ok(_) => "passed",
                Err(_) => "FAILED",
            };
            lines.push(format!("{:<22} {verdict}  {:>7.1} s", part.name, part.seconds));
            if let Err(error) = &part.outcome {
                lines.push(format!("    {error:#}"));
            }
        }
        for part in &self.parts {
            for item in part.outcome.iter().flatten() {
                lines.push(format!("NOT RUN  {item}"));
            }
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(outcome: Result<NotRun>) -> Part {
        Part { name: "hosts", outcome, seconds: 1.25 }
    }

    #[test]
    fn what_did_not_run_is_listed_and_is_no_failure() {
        let mut summary = Summary::default();
        summary.add(part(Ok(vec!["loudness: sudo apt install ffmpeg".to_owned()])));
        assert!(!summary.has_failures());
        assert!(summary.text().contains("NOT RUN  loudness: sudo apt install ffmpeg"));
    }

    #[test]
    fn a_failure_is_named_and_counts() {
        let mut summary = Summary::default();
        summary.add(part(Ok(NotRun::new())));
        summary.add(part(Err(anyhow::anyhow!("three tests failed"))));
        assert!(summary.has_failures());
        assert!(summary.text().contains("three tests failed"));
    }
}
