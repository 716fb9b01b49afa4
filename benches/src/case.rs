//! What is compared, and do both sides agree?

use ndarray::ArrayD;
use tilewright::{Array, Session};

/// The eager side of a comparison.
pub type Eager = Box<dyn Fn() -> Vec<ArrayD<f64>>>;

/// The lazy side: builds the arrays anew, as a program that runs once does.
pub type Lazy = Box<dyn Fn() -> Vec<Array>>;

/// How far the two sides may differ.
#[derive(Clone, Copy, Debug)]
pub enum Agreement {
    /// Relative to the largest element: the sums' order and the functions' last bits differ.
    Rounding,
    /// Absolute: each side draws numbers of its own, only the statistics agree.
    Statistics(f64),
}

/// One comparison.
pub struct Case {
    /// Short name, for criterion.
    pub name: &'static str,
    /// What is computed, in NumPy's notation.
    pub expression: &'static str,
    /// Shapes and dtypes it is computed on.
    pub data: &'static str,
    /// Whether its row stands in the README.
    pub headline: bool,
    /// How far the two sides may differ.
    pub agreement: Agreement,
    /// Whole arrays with `ndarray`, on one thread.
    pub eager: Eager,
    /// The same with Tilewright.
    pub lazy: Lazy,
}

impl Case {
    /// Runs the lazy side and drops its results.
    pub fn run(&self, session: &Session) {
        let arrays = (self.lazy)();
        std::hint::black_box(session.compute_all(&arrays).unwrap());
    }

    /// Computes both sides once and compares them.
    ///
    /// # Errors
    /// The case, what differs, and by how much.
    pub fn check(&self, session: &Session) -> Result<(), String> {
        self.compare(session)
            .map_err(|apart| format!("{}: {apart}", self.name))
    }

    fn compare(&self, session: &Session) -> Result<(), String> {
        let eager = (self.eager)();
        let arrays = (self.lazy)();
        let lazy = session.compute_all(&arrays).map_err(|e| e.to_string())?;
        if eager.len() != lazy.len() {
            return Err(format!("{} results against {}", eager.len(), lazy.len()));
        }
        for (eager, (lazy, array)) in eager.iter().zip(lazy.iter().zip(&arrays)) {
            if eager
                .shape()
                .iter()
                .map(|&n| n as i64)
                .ne(lazy.shape().iter().copied())
            {
                return Err(format!(
                    "shape {:?} against {:?}",
                    eager.shape(),
                    lazy.shape()
                ));
            }
            let lazy = match array.dtype().map_err(|e| e.to_string())? {
                tilewright::DType::F64 => lazy.to_ndarray::<f64>().map_err(|e| e.to_string())?,
                _ => lazy
                    .to_ndarray::<i64>()
                    .map_err(|e| e.to_string())?
                    .mapv(|x| x as f64),
            };
            let (mut largest, mut apart) = (0.0f64, 0.0f64);
            for (a, b) in eager.iter().zip(&lazy) {
                if a.is_nan() != b.is_nan() {
                    return Err(format!("{a} against {b}"));
                }
                largest = largest.max(a.abs());
                apart = apart.max((a - b).abs());
            }
            let most = match self.agreement {
                Agreement::Rounding => 1e-9 * largest,
                Agreement::Statistics(most) => most,
            };
            if apart > most {
                return Err(format!("apart by {apart:e}, of {largest:e}"));
            }
        }
        Ok(())
    }
}
