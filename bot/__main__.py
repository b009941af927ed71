"""`python -m bot` is `suifang`."""

from bot.cli import main

main()
