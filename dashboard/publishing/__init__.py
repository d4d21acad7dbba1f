"""The publishable mode: answers that give no small count away, and nothing else."""
