"""The stages of a release on Cloud Run, each from what is known to what is to be done."""
