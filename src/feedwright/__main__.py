"""`python -m feedwright`."""

from feedwright.cli import main

if __name__ == "__main__":
    main()
