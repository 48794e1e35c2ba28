"""The pipeline: what is tested before a release, and who may release."""
