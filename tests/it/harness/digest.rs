//! SHA-256, for facts that name one.

/// SHA-256 (FIPS 180-4), so that a test needs no crate for it.
pub fn sha256(bytes: &[u8]) -> String {
    let primes = (2u64..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0));
    let root = |n: u64, power: f64| ((n as f64).powf(power).fract() * 4294967296.0) as u32;
    let rounds: Vec<u32> = primes.clone().take(64).map(|n| root(n, 1.0 / 3.0)).collect();
    let mut hash: Vec<u32> = primes.take(8).map(|n| root(n, 0.5)).collect();
    let mut text = bytes.to_vec();
    text.push(0x80);
    while text.len() % 64 != 56 {
        text.push(0);
    }
    text.extend((bytes.len() as u64 * 8).to_be_bytes());
    for block in text.chunks_exact(64) {
        let mut w: Vec<u32> = block.chunks_exact(4).map(|four| u32::from_be_bytes(four.try_into().unwrap())).collect();
        for i in 16..64 {
            let s0 = w[i - 15].rotate_right(7) ^ w[i - 15].rotate_right(18) ^ (w[i - 15] >> 3);
            let s1 = w[i - 2].rotate_right(17) ^ w[i - 2].rotate_right(19) ^ (w[i - 2] >> 10);
            w.push(w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1));
        }
        let mut v = hash.clone();
        for i in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let one = v[7].wrapping_add(s1).wrapping_add(choice).wrapping_add(rounds[i]).wrapping_add(w[i]);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let two = s0.wrapping_add((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(one);
            v[0] = one.wrapping_add(two);
        }
        for (sum, one) in hash.iter_mut().zip(v) {
            *sum = sum.wrapping_add(one);
        }
    }
    hash.iter().map(|word| format!("{word:08x}")).collect()
}
