"""The words that cross every border of the program: frozen data, no I/O, no knowledge of Docker or Python."""
