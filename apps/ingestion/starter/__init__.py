"""The starter catalogue that ships with the project: its files, and the command that rebuilds the Wikidata part."""
