"""Log-in by an OpenID Connect provider: who somebody is, said by somebody else."""
