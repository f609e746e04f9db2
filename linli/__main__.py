"""`python -m linli`: the operator's one command."""

from linli.site.cli import main

if __name__ == "__main__":
    main()
