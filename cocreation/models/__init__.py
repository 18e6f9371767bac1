from cocreation.models.contributions import Contribution, Follow, Hiding, Withdrawal
from cocreation.models.eligibility import Eligibility, Group, GroupMembership
from cocreation.models.offices import Office, RoleGrant
from cocreation.models.pending import PendingAct
from cocreation.models.places import Place
from cocreation.models.processes import Phase, Process

__all__ = [
    "Contribution",
    "Eligibility",
    "Follow",
    "Group",
    "GroupMembership",
    "Hiding",
    "Office",
    "PendingAct",
    "Phase",
    "Place",
    "Process",
    "RoleGrant",
    "Withdrawal",
]
