"""List passwords of ten signs or more that guessers try first."""

from __future__ import annotations

_LISTED = """
    0123456789 0987654321 1029384756 1111111111 1122334455 123123123123 12345678901 123456789012 1234567890
    1234567890a 123456789a 1234554321 123456abcdef 1357924680 147258369 1470258369 1q2w3e4r5t 1q2w3e4r5t6y
    1qaz2wsx3edc 1qazxsw23edc 9876543210 a123456789 a1b2c3d4e5 aa12345678 aaaaaaaaaa abc1234567 abc123456789 abcd123456
    abcd1234567 abcde12345 abcdef1234 abcdefghij administrator administrator1 alexander1 asdf123456 asdfasdfasdf
    asdfghjkl1 asdfghjkl; asdfghjklqwertyuiop basketball basketball1 butterfly1 changeme123 changeme1234 chocolate1
    correcthorsebatterystaple dragon12345 elizabeth1 football123 football1234 helloworld helloworld1 iloveyou12
    iloveyou123 iloveyou1234 iloveyouso jennifer12 letmein123 letmein1234 liverpool1 manchester manchester1 maryjane123
    michael123 michelle12 mypassword mypassword1 p@ssw0rd123 pa55word123 pass123456 pass1234567 passw0rd12 passw0rd123
    password00 password01 password10 password11 password12 password123 password1234 password12345 password123456
    password2023 password2024 password2025 password2026 password99 passwordpassword princess12 princess123 q1w2e3r4t5
    q1w2e3r4t5y6 qazwsxedc1 qazwsxedcrfv qwe123qwe123 qwer123456 qwerasdfzxcv qwerty12345 qwerty123456 qwerty1234
    qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop123 qwertyuiop[] qwertzuiop qwertzuiop1 spiderman1 sunshine12
    sunshine123 superman123 teamomucho test123456 trustno123 unbelievable victoria12 wayfellow1 wayfellow123
    welcome123 welcome1234 welcome2024 welcome2025 welcome2026 zaq12wsxcde3 zxcvbnm123 zxcvbnm1234 zxcvbnm,./
"""

COMMON_PASSWORDS = frozenset(_LISTED.split())
