"""What the pages are made of: tidy results, derived figures, blocks, pages."""
