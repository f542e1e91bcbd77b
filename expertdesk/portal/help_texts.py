"""The words of the help pages, one entry for a role. Says what the product does, step by step, in plain words.

Each task may name the endpoint it begins at; the page links it where the reader may open it.
"""

from __future__ import annotations

from expertdesk.access import Role
from expertdesk.foundation.locale import lazy
from expertdesk.portal.help_plans import MANAGER_TASKS, UNIT_TASKS
from expertdesk.portal.help_shape import RoleHelp, Task

_FIND = Task(
    lazy("Find anybody"),
    (
        lazy(
            "Type a passport number, a name in any script, a permit or case number, or a phone into the box at the top."
        ),
        lazy("On a keyboard, / leads to the box, j and k go through a list; a switch on the desk turns the keys off."),
    ),
)

_OFFICER = RoleHelp(
    lead=lazy("You take in applications, check the papers, recommend, and hand over the letters."),
    tasks=(
        Task(
            lazy("Begin the day"),
            (
                lazy("“My desk” shows what is overdue, due today, waiting on others, and new."),
                lazy("Each row ends in the next thing to do; the most urgent stands first."),
            ),
            "desk.desk",
        ),
        _FIND,
        Task(
            lazy("Take in an application"),
            (
                lazy(
                    "Paste the two lines at the foot of the passport page; "
                    "the fields fill and the check digits are verified."
                ),
                lazy(
                    "Look at the possible duplicates beside the form. You decide "
                    "whether it is the same person, never the system."
                ),
                lazy(
                    "Find the organisation by its unified social credit code, "
                    "choose the procedure, enter post, contract and salary."
                ),
                lazy("The likely category and the list of papers follow, each with its reason and source."),
                lazy(
                    "Upload the papers or mark the original as seen, then "
                    "print the receipt with case number and access code."
                ),
            ),
            "intake.new",
        ),
        Task(
            lazy("Invite the expert and the organisation"),
            (
                lazy("On the page of the expert or of the organisation press “Invite to sign in”."),
                lazy(
                    "The address goes out by e-mail, or you hand it over; it works once and "
                    "leads to an account that sees nothing but its own cases."
                ),
            ),
            "administration.invitations",
        ),
        Task(
            lazy("Check the papers"),
            (
                lazy("Mark each paper as in order, or say what is wrong with it and what would be enough."),
                lazy(
                    "If something is missing, issue one correction notice with "
                    "everything in it; the applicant sees it at once."
                ),
                lazy(
                    "If all is there, accept the case: the acceptance notice "
                    "is printed and the time for the decision runs."
                ),
                lazy("When nobody names a gap within the legal days, the case counts as accepted from its submission."),
            ),
            "cases.queue",
        ),
        Task(
            lazy("Recommend"),
            (
                lazy("Set each criterion that rests on evidence to proved or not used, with a reason."),
                lazy("Write your opinion and hand the case to an approving officer, who is never you."),
            ),
        ),
        Task(
            lazy("Hand over the letters"),
            (
                lazy("Seal the letters and record the day; the expert can download them from then on."),
                lazy("A reprint gives the same file, byte for byte."),
            ),
        ),
        Task(
            lazy("Keep to the time"),
            (
                lazy("Each case shows the promised and the legal date; “Why this date” shows every day that counts."),
                lazy("The clock stands only for the grounds the law names; say which one, and the applicant is told."),
                lazy("A promise that passed is amber, a legal limit that passed is red."),
            ),
        ),
    ),
    limits=(
        lazy("You see the cases of your own districts; a possible duplicate elsewhere shows initials and whom to ask."),
        lazy("You do not decide on a case you entered, edited or recommended, not even with another role."),
        lazy("Every look at a file is recorded, and the expert can see that an officer looked."),
    ),
)

_REVIEWER = RoleHelp(
    lead=lazy("You decide on cases that an officer has recommended: grant, refuse or send back."),
    tasks=(
        Task(
            lazy("See what waits for you"),
            (lazy("“My desk” lists the recommended cases you may decide, in the order of their limits."),),
            "desk.desk",
        ),
        Task(
            lazy("Look before you decide"),
            (
                lazy(
                    "The case shows what changed since the recommendation, "
                    "the category with every criterion, and the papers."
                ),
                lazy("If somebody changes the case while you read, your decision is not taken; you see what changed."),
            ),
        ),
        Task(
            lazy("Decide"),
            (
                lazy("Grant: the permit number for life is given, the permit made, the letters printed."),
                lazy(
                    "Refuse: choose the grounds and give facts and reasons "
                    "in both languages; the letter names the remedies."
                ),
                lazy("Send back: say why; the case returns to its officer and the limits run on."),
            ),
            "cases.queue",
        ),
        _FIND,
    ),
    limits=(
        lazy("You never decide on a case you entered, edited or recommended yourself."),
        lazy("You enter and change no case."),
    ),
)

_LIAISON = RoleHelp(
    lead=lazy("You look after experts once their permit is in force."),
    tasks=(
        Task(
            lazy("Take an expert"),
            (
                lazy(
                    "The list begins with permits in force that have no liaison officer yet; take one and it is yours."
                ),
                lazy("A manager sets the level of an expert; it says how often a year a visit is due at least."),
            ),
            "liaison.worklist",
        ),
        Task(
            lazy("Log a contact"),
            (
                lazy("Write what was talked about and set the next date; the list reminds you of it."),
                lazy("Hand over to a colleague before a leave, with a note of what the next officer has to know."),
            ),
        ),
        Task(
            lazy("See what ends soon"),
            (
                lazy(
                    "The page of an expert shows when permit and passport "
                    "end, and from when an extension can be applied for."
                ),
            ),
        ),
    ),
    limits=(
        lazy("You see permits in force and their people, not the notes of the review."),
        lazy("You decide on no case."),
    ),
)

_MANAGER = RoleHelp(
    lead=lazy("You see the whole bureau, balance the work, and take no decision on a case."),
    tasks=(
        Task(
            lazy("See where work piles up"),
            (lazy("The list of cases covers all districts; filter it by state, district, officer or limit."),),
            "cases.queue",
        ),
        Task(
            lazy("Hand cases over"),
            (lazy("Tick the cases of somebody who is away and assign them to another officer, with a reason."),),
            "cases.queue",
        ),
        Task(
            lazy("Look at liaison"),
            (
                lazy("The list shows who looks after whom, and who has nobody."),
                lazy("Set the level of an expert with a reason, and move experts between liaison officers."),
            ),
            "liaison.worklist",
        ),
        *MANAGER_TASKS,
        _FIND,
    ),
    limits=(lazy("You neither enter nor check nor decide cases."),),
)

_ADMIN = RoleHelp(
    lead=lazy("You look after accounts and settings. Cases are not yours to see, and you cannot open them."),
    tasks=(
        Task(
            lazy("Accounts"),
            (
                lazy("Open an account with its roles and districts, or invite by a one-time address."),
                lazy("A changed role or a closed account ends its sessions at once."),
                lazy("The last administrator stays; nobody changes their own role."),
            ),
            "administration.home",
        ),
        Task(
            lazy("See what is set"),
            (
                lazy(
                    "The page shows password profile, mail, rule region and public address, and what follows from them."
                ),
            ),
            "administration.home",
        ),
        Task(
            lazy("Rules"),
            (
                lazy(
                    "Every table can be read with source and dates. A change "
                    "is a new row with a first day; old cases keep theirs."
                ),
            ),
            "portal.rules",
        ),
    ),
    limits=(lazy("Of cases you see counts per district and procedure, no people and no papers."),),
)

_AUDITOR = RoleHelp(
    lead=lazy("You read the history and the record of who looked at what. Names are masked."),
    tasks=(
        Task(
            lazy("Read the history"),
            (
                lazy("Every change stands there with person, time and the day of the rules it was judged by."),
                lazy(
                    "The entries are chained: a changed or missing one is "
                    "found by the check, which names the first bad line."
                ),
                lazy("Refused attempts and sign-ins stand in the record of access."),
            ),
            "administration.history",
        ),
    ),
    limits=(lazy("You change nothing and open no papers."),),
)

_EXPERT = RoleHelp(
    lead=lazy("You see how your case stands, what you must do and by when, and you download your letters."),
    tasks=(
        Task(
            lazy("See how it stands"),
            (
                lazy("“My file” begins with one sentence: what happened last, who has it, the next step and its date."),
                lazy(
                    "Below it stands whom to ask, with a phone number; once the letters are delivered that is your "
                    "liaison officer."
                ),
                lazy("Without an account: case number and access code of the slip show the sentence and the date."),
            ),
            "portal.my",
        ),
        Task(
            lazy("Send papers that are asked for"),
            (
                lazy(
                    "The correction notice names everything at once. For each "
                    "paper you read what is wrong and what would be enough."
                ),
                lazy("Choose the files: PDF, JPEG or PNG. A file that cannot be taken says why; the others are kept."),
                lazy("When every paper is there, send all corrections. The check then starts anew."),
            ),
            "portal.my",
        ),
        Task(
            lazy("Letters"),
            (
                lazy("Letters are PDFs in both languages. They are there to download as soon as they are delivered."),
                lazy(
                    "Whoever you show one to can check it with the code on it; they see your initials, not your file."
                ),
            ),
            "portal.my",
        ),
        Task(
            lazy("Who has looked at your file"),
            (lazy("You see the date and which office opened, printed or downloaded something of yours."),),
            "portal.access",
        ),
        Task(
            lazy("Before the permit ends"),
            (
                lazy(
                    "We remind you and your employer several times in good "
                    "time. The employer applies for the extension."
                ),
            ),
        ),
    ),
    limits=(
        lazy("The employer is the applicant by law: it applies, extends and withdraws."),
        lazy("A work permit is not a visa and not a residence permit; those come from the police."),
    ),
)

_EMPLOYER = RoleHelp(
    lead=lazy("You see the cases of your organisation, first those that need something from you."),
    tasks=(
        Task(
            lazy("See what is to be done"),
            (
                lazy("“My file” lists your cases; what you must do and by when stands first."),
                lazy("A case shows the state of every paper and, where one has a problem, the reason."),
            ),
            "portal.my",
        ),
        Task(
            lazy("Send papers that are asked for"),
            (
                lazy(
                    "You or the expert can answer the correction notice: choose the files, then send all corrections."
                ),
                lazy("A file that cannot be taken says why; the others are kept for 24 hours until you send."),
            ),
            "portal.my",
        ),
        Task(
            lazy("Letters"),
            (lazy("Receipt, notices and decisions of your cases are there to download."),),
            "portal.my",
        ),
        Task(
            lazy("Apply"),
            (
                lazy(
                    "“My file” leads to the form of a new application and of an extension; "
                    "a withdrawal is made at the window."
                ),
            ),
        ),
        *UNIT_TASKS,
    ),
    limits=(
        lazy(
            "You do not see what is in medical and criminal-record papers, only whether they are supplied and in order."
        ),
        lazy("You see your own organisation only, and no notes of the review."),
        lazy("A contact with the right to read sees everything above but sends nothing."),
    ),
)

HELP: dict[Role, RoleHelp] = {
    Role.OFFICER: _OFFICER,
    Role.REVIEWER: _REVIEWER,
    Role.LIAISON: _LIAISON,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _ADMIN,
    Role.AUDITOR: _AUDITOR,
    Role.EXPERT: _EXPERT,
    Role.EMPLOYER: _EMPLOYER,
}
