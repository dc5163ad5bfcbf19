//! Persons, staff, posts and principals: the words of identity. No storage.

use std::collections::BTreeSet;

use banhao_kernel::{
    Timestamp,
    actor::Actor,
    ids::{PersonId, SessionId, StaffId},
    mask,
};

/// What a member of staff is appointed to do (岗位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Post {
    /// 窗口人员: takes applications at a comprehensive window.
    WindowClerk,
    /// 受理人员 of an organisation.
    Acceptor,
    /// 审查人员.
    Reviewer,
    /// 决定人员: chief representative or head of section.
    Decider,
    /// 出件窗口人员.
    ExitClerk,
    /// 大厅管理.
    HallManager,
    /// 监察人员: sees everything, changes nothing.
    Supervisor,
    /// 系统管理员.
    Administrator,
    /// 事项管理员: writes new versions of processes.
    MatterEditor,
    /// 法制审核人员: checks and publishes what others wrote.
    LegalReviewer,
}

impl Post {
    /// All posts.
    pub const ALL: [Self; 10] = [
        Self::WindowClerk,
        Self::Acceptor,
        Self::Reviewer,
        Self::Decider,
        Self::ExitClerk,
        Self::HallManager,
        Self::Supervisor,
        Self::Administrator,
        Self::MatterEditor,
        Self::LegalReviewer,
    ];

    /// Stable name in definitions, policies and text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WindowClerk => "window-clerk",
            Self::Acceptor => "acceptor",
            Self::Reviewer => "reviewer",
            Self::Decider => "decider",
            Self::ExitClerk => "exit-clerk",
            Self::HallManager => "hall-manager",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::MatterEditor => "matter-editor",
            Self::LegalReviewer => "legal-reviewer",
        }
    }

    /// The post with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|post| post.as_str() == name)
    }
}

/// A member of staff with the posts in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Id.
    pub id: StaffId,
    /// Sign-in name.
    pub login: String,
    /// Name, as printed on papers.
    pub name: String,
    /// Key of the organisation.
    pub organisation: String,
    /// Posts.
    pub posts: BTreeSet<Post>,
    /// Key of the hall, for window staff.
    pub hall: Option<String>,
    /// Codes of the windows.
    pub windows: Vec<String>,
}

impl StaffMember {
    /// Whether they hold the post.
    #[must_use]
    pub fn holds(&self, post: Post) -> bool {
        self.posts.contains(&post)
    }
}

/// A citizen's account, opened (decrypted). Never serialised, never logged: `Debug` masks.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Citizen number (GB 11643).
    pub citizen_number: String,
    /// Mobile number.
    pub mobile: String,
    /// Address.
    pub address: Option<String>,
    /// Trust level 2–5 (domain.md §11.1): 2 declared, 4 checked at a window.
    pub level: u8,
}

impl Person {
    /// 姓名 masked for lists.
    #[must_use]
    pub fn masked_name(&self) -> String {
        mask::name(&self.name)
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("name", &self.masked_name())
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody has signed in.
    Anonymous,
    /// A citizen.
    Person(Box<Person>),
    /// A member of staff.
    Staff(Box<StaffMember>),
    /// The platform itself: timers and jobs.
    System,
}

impl Principal {
    /// The actor of facts this principal causes. Anonymous visitors cause none; they act as the system.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Anonymous | Self::System => Actor::System,
            Self::Person(person) => Actor::Person(person.id),
            Self::Staff(staff) => Actor::Staff(staff.id),
        }
    }

    /// The citizen, when one is signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        if let Self::Person(person) = self { Some(person) } else { None }
    }

    /// The member of staff, when one is signed in.
    #[must_use]
    pub fn staff(&self) -> Option<&StaffMember> {
        if let Self::Staff(staff) = self { Some(staff) } else { None }
    }
}

/// A running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id of the session's record.
    pub id: SessionId,
    /// Who.
    pub principal: Principal,
    /// Secret that form tokens of this session are derived from.
    pub csrf: String,
    /// When it ends unless used.
    pub expires_at: Timestamp,
}
