"""What the base asks of the apps above, which alone know the roles."""

from django.dispatch import Signal

# No argument. Each receiver returns the addresses (an iterable of str) of those who watch over the portal.
destinataires_des_alarmes = Signal()
