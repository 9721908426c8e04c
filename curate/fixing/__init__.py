"""What offers changes of texts, each kind in a file; engines decide which are made, and write them down."""
