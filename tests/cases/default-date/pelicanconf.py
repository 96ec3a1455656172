SITEURL = 'https://example.org'
SITENAME = 'Rain'
TIMEZONE = 'UTC'
PATH = 'content'
DEFAULT_DATE = (2012, 3, 2, 14, 1, 1)
