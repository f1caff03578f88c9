"""Read and write tables of people as CSV and XLSX; importing and the command line both stand on it."""
