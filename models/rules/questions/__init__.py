"""Plain questions about how a township stands, understood without a model and without a network."""
