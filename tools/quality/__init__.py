"""Learning and measuring the language parts of the product."""
