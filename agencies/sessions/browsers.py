"""What a browser calls itself, in the words of its user."""

FAMILIES = {  # the first that is named: each also names the ones below
    "Edg": "Microsoft Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def browser(user_agent: str) -> str:
    """Return such as "Firefox on Windows", or "Unknown browser"; nothing of the text itself."""
    family = next((name for sign, name in FAMILIES.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return " on ".join(filter(None, [family or "Unknown browser", system]))
