"""A report for programs: JSON, SARIF, GitHub's annotations."""
