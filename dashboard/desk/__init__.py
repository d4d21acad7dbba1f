"""The operator's desk: files that arrive, jobs asked for, batches and what they left out."""
