"""How much a caller may ask, and who is asked to prove that a person calls.

An arbiter per subject (a Durable Object) counts exactly; every isolate leases
units from it, so that the usual request of a busy caller makes no call.
"""
