"""Areas among comparable ones: who is compared with whom, what place they take, since when."""
