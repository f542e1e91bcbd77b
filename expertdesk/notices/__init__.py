"""Messages to experts and organisation contacts: written with the event, sent afterwards, or shown in the application.

Used by cases, accounts and the worker; read by portal (inbox) and administration (message log).
Comes in: a kind, plain parameters, who it is for, in the transaction of the event (`outbox.queue`,
`recipients.queue_for_case`). Goes out: a mail by SMTP (`runner.send_due`) or a line in the reader's inbox
(`inbox.messages_of`). Only codes and parameters are stored; the text is made in the reader's language (`wording`).
"""
