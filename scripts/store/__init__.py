"""Files: written whole, remembered by what they were made from, and read with limits."""
