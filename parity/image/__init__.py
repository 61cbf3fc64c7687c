"""An image as a function from path to what is there, at each moment of its build."""
