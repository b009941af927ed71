"""How the running bot stands, for whoever looks after it: on loopback, counts and ages only."""
