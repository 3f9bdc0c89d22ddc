"""How the schema came to be, one file per version, forward only: nothing here ever takes a record away."""
