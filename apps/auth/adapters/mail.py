"""The e-mails that sign-in sends."""

from django.core.mail import send_mail

#: Kind -> subject, and below it the text.
_TEXTS = {
    "verify_email": """Confirm your e-mail address
Enter this code in the app to confirm your address. It holds for 24 hours.

{token}
""",
    "reset_password": """Choose a new password
Enter this code in the app to choose a new password. It holds for one hour and works once.

{token}

If you have not asked for it, do nothing: your password stays as it is.
""",
    "already_registered": """You have an account
Somebody, perhaps you, tried to register with your address, which has an account already.
If you have forgotten your password, ask for a new one in the app.
""",
    "password_changed": """Your password was changed
Your password was changed, and you have been signed out elsewhere.
If it was not you, ask for a new password in the app at once.
""",
}


def send(kind: str, *, to: str, token: str = "") -> None:
    """Send one of our e-mails; the mail server's failure is the caller's."""
    subject, _, text = _TEXTS[kind].partition("\n")
    send_mail(subject, text.format(token=token), None, [to])
