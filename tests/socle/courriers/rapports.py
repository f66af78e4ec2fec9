"""Reports of delivery as mail servers write them (RFC 3464), and what is none."""

POSTFIX = """\
Return-Path: <>
Delivered-To: {destinataire}
From: MAILER-DAEMON@mx.example.fr (Mail Delivery System)
To: {destinataire}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="COUPE"

--COUPE
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--COUPE
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.fr

Final-Recipient: rfc822; maire@example.fr
Original-Recipient: rfc822;maire@example.fr
Action: {action}
Status: {statut}
Diagnostic-Code: smtp; 550 {statut} The mailbox says so

--COUPE
Content-Type: message/rfc822

From: Rebond industriel <ne-pas-repondre@localhost>
To: maire@example.fr
Message-ID: {message_id}
Subject: Objet

Bonjour,

--COUPE--
"""
ABSENCE = """\
From: maire@example.fr
To: {destinataire}
Subject: Absence du bureau
Auto-Submitted: auto-replied
In-Reply-To: {message_id}

Je suis absent jusqu'au 12. Votre message 5.1.1 sera lu.
"""


def rapport(
    destinataire: str, *, message_id: str = "<x@ailleurs>", action: str = "failed", statut: str = "5.1.1"
) -> bytes:
    texte = POSTFIX.format(destinataire=destinataire, message_id=message_id, action=action, statut=statut)
    return texte.replace("\n", "\r\n").encode()


def absence(destinataire: str, message_id: str = "<x@ailleurs>") -> bytes:
    return ABSENCE.format(destinataire=destinataire, message_id=message_id).replace("\n", "\r\n").encode()


def transmis(destinataire: str, octets: bytes) -> bytes:
    entetes = f'To: {destinataire}\r\nContent-Type: multipart/mixed; boundary="X"\r\n\r\n--X\r\n'
    return entetes.encode() + b"Content-Type: message/rfc822\r\n\r\n" + octets + b"\r\n--X--\r\n"
