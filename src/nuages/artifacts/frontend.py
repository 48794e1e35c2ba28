"""The commands of a front-end build, the same on one's own machine and in the image."""

from __future__ import annotations

from nuages.image import Frontend

UNNEEDED = {
    "PUPPETEER_SKIP_DOWNLOAD": "1",
    "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
    "CYPRESS_INSTALL_BINARY": "0",
}
"""Browsers are for tests: packages that would fetch one while they are installed do not."""
OLD_OPENSSL = "--openssl-legacy-provider"
"""For bundlers of Node 16's time: https://nodejs.org/api/cli.html#--openssl-legacy-provider"""
_RUNNERS = {
    "npm": ("npx",),
    "yarn": ("yarn", "run"),
    "pnpm": ("pnpm", "exec"),
    "bun": ("bun", "x"),
}


def build_argvs(frontend: Frontend) -> tuple[tuple[str, ...], ...]:
    """``npm run build``; a command of several words is a program that packages brought.

    Empty where installing is the build.
    """
    commands = (command.split() for command in frontend.command.split(" && "))
    return tuple(
        (frontend.tool, "run", *words) if len(words) == 1 else (*_RUNNERS[frontend.tool], *words)
        for words in commands
        if words
    )


def programs_argv(frontend: Frontend) -> tuple[str, ...]:
    """Bring programs that the build calls; package.json and the lock stay as they are."""
    return ("npm", "install", "--global", *frontend.programs)


def later_yarn_argv(*, locked: bool) -> tuple[str, ...]:
    """Yarn since its second release has other options, and in CI a lock that must not change.

    Source: https://yarnpkg.com/cli/install
    """
    return ("yarn", "install", "--immutable" if locked else "--no-immutable")


def later_yarn(frontend: Frontend) -> str:
    """The npm package that holds a Yarn since the second; empty for everything else."""
    return f"@yarnpkg/cli-dist@{frontend.yarn}" if frontend.yarn else ""
