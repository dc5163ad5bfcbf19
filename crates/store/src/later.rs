//! Statements that wait for the end of their command. On PostgreSQL they travel together: one round trip instead of one for each, which is
//! most of what a short command costs there.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend,
    sea_query::{CommonTableExpression, DeleteStatement, InsertStatement, SubQueryStatement, UpdateStatement, WithClause},
};

use crate::error::StoreError;

/// A statement that changes rows and gives nothing back.
#[derive(Debug, Clone, PartialEq)]
pub struct Change(SubQueryStatement);

impl From<InsertStatement> for Change {
    fn from(statement: InsertStatement) -> Self {
        Self(statement.into())
    }
}

impl From<UpdateStatement> for Change {
    fn from(statement: UpdateStatement) -> Self {
        Self(statement.into())
    }
}

impl From<DeleteStatement> for Change {
    fn from(statement: DeleteStatement) -> Self {
        Self(statement.into())
    }
}

/// Makes the changes: all of them or, when one fails, none that counts (the transaction is lost then).
pub(crate) async fn make(conn: &DatabaseTransaction, mut changes: Vec<Change>) -> Result<(), StoreError> {
    if conn.get_database_backend() != DbBackend::Postgres {
        for change in changes {
            one(conn, change).await?;
        }
        return Ok(());
    }
    let Some(last) = changes.pop() else { return Ok(()) };
    if changes.is_empty() {
        return one(conn, last).await;
    }
    let mut with = WithClause::new();
    for (number, change) in changes.into_iter().enumerate() {
        let mut expression = CommonTableExpression::new();
        expression.table_name(format!("change{number}")).query(change.0);
        with.cte(expression);
    }
    conn.execute(&with.query(last.0)).await?;
    Ok(())
}

async fn one(conn: &DatabaseTransaction, change: Change) -> Result<(), StoreError> {
    match change.0 {
        SubQueryStatement::InsertStatement(insert) => conn.execute(&insert).await?,
        SubQueryStatement::UpdateStatement(update) => conn.execute(&update).await?,
        SubQueryStatement::DeleteStatement(delete) => conn.execute(&delete).await?,
        SubQueryStatement::SelectStatement(_) | SubQueryStatement::WithStatement(_) => {
            return Err(StoreError::Damaged("only changes wait for the end of a command".to_owned()));
        }
    };
    Ok(())
}
