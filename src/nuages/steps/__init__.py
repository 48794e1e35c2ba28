"""What a release does, as data: the words that programs are started with, and nothing run."""
