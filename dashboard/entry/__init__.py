"""What a person sees at the door: the log-in page, the one-time link, the own account."""
