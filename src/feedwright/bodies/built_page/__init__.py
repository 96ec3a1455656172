"""The article in the page that the site's generator made: `finder` is the entry."""
