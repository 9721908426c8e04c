"""What a corpus covers and how varied it is: pure functions of texts and arrays."""
