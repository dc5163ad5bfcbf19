//! A request that comes again hears its first answer: a second click, a lost answer that the browser sends again, the same form in two
//! tabs. What is the same request is told by who sends it, about which case, which act, and everything in the form, where the page says
//! how much had happened when it was shown ([`CaseFile::happened`](crate::queries::file::CaseFile::happened)): the same words on a page
//! that shows more are another request.

use banhao_identity::Principal;
use banhao_kernel::ids::CaseId;
use banhao_store::{Moment, Store, Tx, facts};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{entities::carried_out, error::CaseError, facts::CaseFact};

const PURPOSE: &str = "cases.request";

/// What somebody asks for, told apart from everything else that is asked for. Nobody can tell from it what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    digest: String,
}

impl Request {
    /// What `principal` asks for with these fields of a form.
    #[must_use]
    pub fn new<'f>(
        store: &Store,
        principal: &Principal,
        case: CaseId,
        act: &str,
        fields: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Self {
        let fields: Vec<(&str, &str)> = fields.collect();
        let all = serde_json::json!([principal.actor().as_text(), case, act, fields]);
        Self { digest: store.vault().blind_index(PURPOSE, &all.to_string()) }
    }

    /// Notes that the request is carried out by this transaction; false when it was before. Who comes at the same moment waits here, and
    /// is the first when the other one is refused.
    pub(crate) async fn is_first(&self, tx: &Tx) -> Result<bool, CaseError> {
        let row = carried_out::ActiveModel { request: Set(self.digest.clone()), at: Set(Moment::from(tx.now())) };
        let once = OnConflict::column(carried_out::Column::Request).do_nothing().to_owned();
        Ok(carried_out::Entity::insert(row).on_conflict(once).exec_without_returning(tx.conn()).await? == 1)
    }

    pub(crate) async fn was_carried_out(&self, store: &Store) -> Result<bool, CaseError> {
        Ok(carried_out::Entity::find_by_id(self.digest.clone()).one(store.read()).await?.is_some())
    }
}

/// How much has happened in a case. Looks are left out: the page is the same after them.
pub(crate) fn happened(all: &[facts::Fact]) -> Result<usize, CaseError> {
    let mut count = 0;
    for fact in all {
        let own = CaseFact::from_ledger(&fact.kind, &fact.body)?;
        count += usize::from(!matches!(own, None | Some(CaseFact::FileViewed { .. } | CaseFact::Unmasked { .. })));
    }
    Ok(count)
}
