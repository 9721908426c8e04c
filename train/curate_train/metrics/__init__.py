"""What an evaluation measures, and how sure it is; pure functions over texts and sums, without torch or polars."""
