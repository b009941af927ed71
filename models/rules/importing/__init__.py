"""Files of residents: what their columns are called, what stands in their cells, what is wrong with a row. Pure."""
