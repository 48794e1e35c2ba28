"""Scaling and capacity: what all instances together ask of what there is once."""
