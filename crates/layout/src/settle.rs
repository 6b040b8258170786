//! Settles numbers that wish to be somewhere, but must keep their order and their distances.
//!
//! To be as near as can be to the wishes, by least squares, is what pooling adjacent violators finds, exactly and in linear time
//! (M. Ayer and others, "An empirical distribution function for sampling with incomplete information", 1955).

/// Room that is used again and again.
#[derive(Default)]
pub(crate) struct Line {
    pools: Vec<Pool>,
}

/// Numbers that touch: they move as one.
struct Pool {
    /// Sum of their weights.
    weight: f64,
    /// Sum of weights times wishes, each wish less the offset of the number.
    sum: f64,
    /// The number after the last of them.
    end: usize,
}

impl Line {
    /// Turns wishes into the numbers that are nearest to them. A wish has a weight; the least distance of two numbers is the
    /// difference of their offsets.
    pub(crate) fn settle(&mut self, numbers: &mut [f64], weights: &[f64], offsets: &[f64]) {
        self.pools.clear();
        for (index, ((wish, weight), offset)) in numbers.iter().zip(weights).zip(offsets).enumerate() {
            let mut pool = Pool { weight: *weight, sum: weight * (wish - offset), end: index + 1 };
            while let Some(last) = self.pools.pop_if(|last| last.sum * pool.weight >= pool.sum * last.weight) {
                pool.weight += last.weight;
                pool.sum += last.sum;
            }
            self.pools.push(pool);
        }
        let mut start = 0;
        for pool in &self.pools {
            // A wish that nobody disputes comes true to the last bit: what stood still must not drift.
            if pool.end - start > 1 {
                let at = pool.sum / pool.weight;
                numbers[start..pool.end]
                    .iter_mut()
                    .zip(&offsets[start..pool.end])
                    .for_each(|(it, offset)| *it = at + offset);
            }
            start = pool.end;
        }
    }
}
