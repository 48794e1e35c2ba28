"""Readers of the texts that rules judge, each with its lines; none of them raises."""
