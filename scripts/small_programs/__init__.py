"""Random small applications, drawn from a grammar of what real ones are full of."""
