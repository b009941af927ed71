"""The demo township of local mode: synthetic people, two years of visits, and somebody of each role to play."""
