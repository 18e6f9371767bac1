from cocreation.models.approvals import Approval
from cocreation.models.care import ChangeRecord, ConfigChange, GateAnswer, PreviewLink
from cocreation.models.checks import CheckSource, IdentifiedVisit, LetterBatch, LetterCode, RegisterImport
from cocreation.models.contributions import Contribution, Follow, Hiding, Withdrawal
from cocreation.models.dry_runs import DryRun
from cocreation.models.eligibility import Eligibility, Group, GroupInvitation, GroupMembership
from cocreation.models.files import Attachment
from cocreation.models.offices import Office, RoleGrant, Topic, Training
from cocreation.models.packages import IncomingPackage, SavedRecipe
from cocreation.models.pending import PendingAct
from cocreation.models.places import Place
from cocreation.models.privacy import PrivacyAssessment
from cocreation.models.processes import Phase, Process, RemovedPhase

__all__ = [
    "Approval",
    "Attachment",
    "ChangeRecord",
    "CheckSource",
    "ConfigChange",
    "Contribution",
    "DryRun",
    "Eligibility",
    "Follow",
    "GateAnswer",
    "Group",
    "GroupInvitation",
    "GroupMembership",
    "Hiding",
    "IdentifiedVisit",
    "IncomingPackage",
    "LetterBatch",
    "LetterCode",
    "Office",
    "PendingAct",
    "Phase",
    "Place",
    "PreviewLink",
    "PrivacyAssessment",
    "Process",
    "RegisterImport",
    "RemovedPhase",
    "RoleGrant",
    "SavedRecipe",
    "Topic",
    "Training",
    "Withdrawal",
]
