"""Probatum: clinical knowledge, put to the proof."""
